package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.Invitations;
import dev.rallypoint.cluster.Failures;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Two pages for people, without scripts: {@code /setup} makes the first administrator by the set-up
 * code, {@code /invite} makes the user whom an invitation names. The token of an invitation is in
 * the fragment of its link, which browsers send to nobody; it is pasted into the page.
 */
public final class AccountPages {
  private static final int LONGEST_FIELD = 512;

  private final Invitations invitations;
  private final Runnable onSetUp;

  private AccountPages(Invitations invitations, Runnable onSetUp) {
    this.invitations = invitations;
    this.onSetUp = onSetUp;
  }

  /**
   * Adds them.
   *
   * @param onSetUp runs when the first administrator is made
   */
  public static void addTo(ApiRouter router, Invitations invitations, Runnable onSetUp) {
    AccountPages pages = new AccountPages(invitations, onSetUp);
    router.add("GET", "/setup", request -> CompletableFuture.completedStage(setup("")));
    router.addPaced("POST", "/setup", pages::onSetup);
    router.add("GET", "/invite", request -> CompletableFuture.completedStage(invite("")));
    router.addPaced("POST", "/invite", pages::onInvite);
  }

  private CompletionStage<ApiAnswer> onSetup(ApiRequest request) {
    Map<String, String> form = form(request);
    if (!isSame(form)) {
      return CompletableFuture.completedStage(setup("The two passwords differ."));
    }
    return invitations
        .setUp(field(form, "code"), field(form, "name"), field(form, "password"), request.network())
        .handle((guid, failure) -> {
          if (failure == null) {
            onSetUp.run();
            return done("The administrator " + field(form, "name") + " is made.");
          }
          return setup(line(failure));
        });
  }

  private CompletionStage<ApiAnswer> onInvite(ApiRequest request) {
    Map<String, String> form = form(request);
    if (!isSame(form)) {
      return CompletableFuture.completedStage(invite("The two passwords differ."));
    }
    return invitations
        .accept(field(form, "code"), field(form, "password"), request.network())
        .handle((name, failure) ->
            failure == null ? done("The user " + name + " is made.") : invite(line(failure)));
  }

  private static String line(Throwable failure) {
    return Failures.cause(failure) instanceof AccountRefusal refusal
        ? "Not done: " + refusal.getMessage() + "."
        : "The server's database does not answer; try again.";
  }

  private static boolean isSame(Map<String, String> form) {
    return field(form, "password").equals(field(form, "again"));
  }

  private static String field(Map<String, String> form, String name) {
    return form.getOrDefault(name, "");
  }

  private static Map<String, String> form(ApiRequest request) {
    Map<String, String> fields = new HashMap<>();
    Arrays.stream(new String(request.body(), UTF_8).split("&", 16))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2 && pair[1].length() <= LONGEST_FIELD)
        .forEach(pair -> fields.put(decoded(pair[0]).strip(), decoded(pair[1])));
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "the form is malformed");
    }
  }

  private static ApiAnswer setup(String line) {
    return page(
        "Set up the first administrator",
        line,
        """
        <form method="post" action="/setup" autocomplete="off">
        <p><label>Set-up code, from the start of the server, its file <code>setup-code</code> or
        <code>rallypoint admin setup-code</code><br><input name="code" required></label></p>
        <p><label>Name of the administrator<br><input name="name" required></label></p>
        """);
  }

  private static ApiAnswer invite(String line) {
    return page(
        "Accept an invitation",
        line,
        """
        <form method="post" action="/invite" autocomplete="off">
        <p><label>The code of the invitation<br><input name="code" required></label></p>
        """);
  }

  private static ApiAnswer page(String title, String line, String form) {
    return ApiAnswer.page(
        line.isEmpty() ? ApiAnswer.OK : ApiAnswer.BAD_REQUEST,
        """
        <!doctype html><html lang="en"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>%1$s</title><h1>%1$s</h1><p><strong>%2$s</strong></p>
        %3$s
        <p><label>Password, 8 characters or more<br>
        <input name="password" type="password" required></label></p>
        <p><label>The same again<br><input name="again" type="password" required></label></p>
        <p><button>Make the account</button></p></form></html>
        """
            .formatted(title, escaped(line), form));
  }

  private static ApiAnswer done(String line) {
    return ApiAnswer.page(
        ApiAnswer.OK,
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Done</title><h1>Done</h1>
        <p>%s</p><p>Log in with it in RustDesk, under Settings &gt; Account.</p></html>
        """
            .formatted(escaped(line)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
