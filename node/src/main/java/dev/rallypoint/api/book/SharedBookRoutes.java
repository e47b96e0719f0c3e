package dev.rallypoint.api.book;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Principal;
import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiJson;
import dev.rallypoint.api.ApiRefusal;
import dev.rallypoint.api.ApiRequest;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.Paged;
import dev.rallypoint.api.QueryParameters.Page;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.book.BookRules;
import dev.rallypoint.book.SharedBooks;
import dev.rallypoint.book.SharedBooks.Opened;
import dev.rallypoint.book.SharedBooks.Written;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.store.book.RuleTable.Rule;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Shared address books and who may use them, as clients and scripts call them. */
final class SharedBookRoutes {
  private final SharedBooks books;
  private final BookRules rules;

  private SharedBookRoutes(SharedBooks books, BookRules rules) {
    this.books = books;
    this.rules = rules;
  }

  static void addTo(ApiRouter router, SignedIn signedIn, AccountParts accounts) {
    SharedBookRoutes routes =
        new SharedBookRoutes(new SharedBooks(accounts), new BookRules(accounts));
    for (String method : List.of("POST", "GET")) {
      router.addPaced(
          method,
          "/api/ab/shared/profiles",
          signedIn.user((request, user) -> routes.list(request, user, false)));
    }
    router.addPaced("POST", "/api/ab/shared/add", signedIn.user(routes::add));
    router.addPaced("PUT", "/api/ab/shared/update/profile", signedIn.user(routes::update));
    router.addPaced("DELETE", "/api/ab/shared", signedIn.user(routes::delete));
    router.addPaced(
        "GET",
        "/api/ab/shared/recycle-bin",
        signedIn.user((request, user) -> routes.list(request, user, true)));
    router.addPaced("POST", "/api/ab/shared/recycle-bin", signedIn.user(routes::restore));
    router.addPaced("GET", "/api/ab/rules", signedIn.user(routes::rules));
    router.addPaced("POST", "/api/ab/rule", signedIn.user(routes::addRule));
    router.addPaced("PATCH", "/api/ab/rule", signedIn.user(routes::setRule));
    router.addPaced("DELETE", "/api/ab/rules", signedIn.user(routes::deleteRules));
  }

  /**
   * A shared book as clients read it.
   *
   * @param rule what the user may do, from 1 to 3
   */
  record Profile(
      String guid, String name, String owner, String note, int rule, ProfileSecrets info) {
    static Profile of(Opened opened) {
      return new Profile(
          opened.book().guid(),
          opened.book().name(),
          opened.book().owner().name(),
          opened.book().note(),
          opened.book().rule().number(),
          new ProfileSecrets(Optional.of(opened.password()).filter(text -> !text.isEmpty())));
    }
  }

  /** Its password, where it has one. */
  record ProfileSecrets(Optional<String> password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "ProfileSecrets";
    }
  }

  /** A rule; one without a user and a group is for everyone. */
  record RuleLine(String guid, Optional<String> user, Optional<String> group, int rule) {
    static RuleLine of(Rule rule) {
      return new RuleLine(rule.guid(), rule.user(), rule.group(), rule.rule().number());
    }
  }

  private CompletionStage<ApiAnswer> list(ApiRequest request, Principal user, boolean areDeleted) {
    Page page = request.parameters().page();
    return books
        .list(user, request.parameters().text("name"), areDeleted, page.offset(), page.size())
        .thenApply(found ->
            ApiAnswer.json(
                new Paged<>(found.total(), found.rows().stream().map(Profile::of).toList())));
  }

  private CompletionStage<ApiAnswer> add(ApiRequest request, Principal user) {
    return BookRoutes.done(books.add(user, written(request.json())));
  }

  private CompletionStage<ApiAnswer> update(ApiRequest request, Principal user) {
    JsonNode body = request.json();
    return BookRoutes.done(books.update(user, BookJson.required(body, "guid"), written(body)));
  }

  private static Written written(JsonNode body) {
    JsonNode info = body.path("info");
    if (!info.isMissingNode() && !info.isNull() && !info.isObject()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "info is no object");
    }
    return new Written(
        BookJson.optional(body, "name"),
        BookJson.optional(body, "note"),
        BookJson.optional(body, "owner").filter(owner -> !owner.isEmpty()),
        BookJson.optional(info, "password"));
  }

  private CompletionStage<ApiAnswer> delete(ApiRequest request, Principal user) {
    return BookRoutes.done(books.delete(user, ApiJson.texts(request.body(), BookLimits.BOOKS)));
  }

  private CompletionStage<ApiAnswer> restore(ApiRequest request, Principal user) {
    return BookRoutes.done(books.restore(user, ApiJson.texts(request.body(), BookLimits.BOOKS)));
  }

  private CompletionStage<ApiAnswer> rules(ApiRequest request, Principal user) {
    Page page = request.parameters().page();
    return rules
        .list(user, request.parameters().text("ab").orElse(""), page.offset(), page.size())
        .thenApply(found ->
            ApiAnswer.json(
                new Paged<>(found.total(), found.rows().stream().map(RuleLine::of).toList())));
  }

  private CompletionStage<ApiAnswer> addRule(ApiRequest request, Principal user) {
    JsonNode body = request.json();
    return BookRoutes.done(
        rules.add(
            user,
            BookJson.required(body, "guid"),
            rule(body),
            name(body, "user"),
            name(body, "group")));
  }

  private static Optional<String> name(JsonNode body, String name) {
    return BookJson.optional(body, name).filter(text -> !text.isEmpty());
  }

  private CompletionStage<ApiAnswer> setRule(ApiRequest request, Principal user) {
    JsonNode body = request.json();
    return BookRoutes.done(rules.set(user, BookJson.required(body, "guid"), rule(body)));
  }

  private static BookRule rule(JsonNode body) {
    JsonNode rule = body.path("rule");
    return Optional.of(rule)
        .filter(JsonNode::isIntegralNumber)
        .filter(JsonNode::canConvertToLong)
        .flatMap(number -> BookRule.of(number.longValue()))
        .orElseThrow(() ->
            new ApiRefusal(
                ApiAnswer.BAD_REQUEST, "rule is 1 to read, 2 to write or 3 for full control"));
  }

  private CompletionStage<ApiAnswer> deleteRules(ApiRequest request, Principal user) {
    return BookRoutes.done(rules.delete(user, ApiJson.texts(request.body(), BookLimits.RULES)));
  }
}
