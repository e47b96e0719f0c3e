package dev.rallypoint.api.book;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.AccountParts;
import dev.rallypoint.account.Principal;
import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiJson;
import dev.rallypoint.api.ApiRequest;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.api.Paged;
import dev.rallypoint.api.QueryParameters;
import dev.rallypoint.api.QueryParameters.Page;
import dev.rallypoint.api.SignedIn;
import dev.rallypoint.book.AddressBooks;
import dev.rallypoint.book.BookTags;
import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.store.book.EntryTable.Filter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Entries and tags of address books, as clients from 1.2.4 on and scripts call them. What is done
 * is answered with an empty body: clients take anything else for a failure.
 */
public final class BookRoutes {
  private static final String GUID = "guid";
  private static final int LONGEST_LIST = 1024 * 1024;
  private static final ApiAnswer SETTINGS =
      ApiAnswer.json(Map.of("max_peer_one_ab", BookLimits.ENTRIES));

  private final AddressBooks books;
  private final BookTags tags;

  private BookRoutes(AddressBooks books, BookTags tags) {
    this.books = books;
    this.tags = tags;
  }

  /** Adds all routes of address books. */
  public static void addAll(
      ApiRouter router, SignedIn signedIn, AccountParts accounts, AddressBooks books) {
    new BookRoutes(books, new BookTags(accounts)).addTo(router, signedIn);
    SharedBookRoutes.addTo(router, signedIn, accounts);
    LegacyRoutes.addTo(router, signedIn, accounts);
  }

  private void addTo(ApiRouter router, SignedIn signedIn) {
    // Clients ask by POST with an empty body, scripts by GET.
    for (String method : List.of("POST", "GET")) {
      router.addPaced(method, "/api/ab/personal", signedIn.user(this::personal));
      router.addPaced(method, "/api/ab/settings", signedIn.user(BookRoutes::settings));
      router.addPaced(method, "/api/ab/peers", signedIn.user(this::peers));
      router.addPaced(method, "/api/ab/tags/{guid}", signedIn.user(this::tags));
    }
    router.addPaced("POST", "/api/ab/peer/add/{guid}", signedIn.user(this::addPeer));
    router.addPaced("PUT", "/api/ab/peer/update/{guid}", signedIn.user(this::updatePeer));
    router.addPaced(
        "DELETE", "/api/ab/peer/{guid}", LONGEST_LIST, signedIn.user(this::deletePeers));
    router.addPaced("GET", "/api/ab/recycle-bin/{guid}", signedIn.user(this::deleted));
    router.addPaced(
        "POST", "/api/ab/recycle-bin/{guid}", LONGEST_LIST, signedIn.user(this::restorePeers));
    router.addPaced("POST", "/api/ab/tag/add/{guid}", signedIn.user(this::addTag));
    router.addPaced("PUT", "/api/ab/tag/rename/{guid}", signedIn.user(this::renameTag));
    router.addPaced("PUT", "/api/ab/tag/update/{guid}", signedIn.user(this::updateTag));
    router.addPaced("DELETE", "/api/ab/tag/{guid}", LONGEST_LIST, signedIn.user(this::deleteTags));
  }

  private CompletionStage<ApiAnswer> personal(ApiRequest request, Principal user) {
    return books.personal(user).thenApply(guid -> ApiAnswer.json(Map.of(GUID, guid)));
  }

  private static CompletionStage<ApiAnswer> settings(ApiRequest request, Principal user) {
    return CompletableFuture.completedStage(SETTINGS);
  }

  private CompletionStage<ApiAnswer> peers(ApiRequest request, Principal user) {
    QueryParameters query = request.parameters();
    return entries(
        request,
        user,
        query.text("ab").orElse(""),
        new Filter(query.text("id").orElse(""), query.text("alias").orElse(""), false));
  }

  private CompletionStage<ApiAnswer> deleted(ApiRequest request, Principal user) {
    return entries(request, user, request.value(GUID), new Filter("", "", true));
  }

  private CompletionStage<ApiAnswer> entries(
      ApiRequest request, Principal user, String book, Filter filter) {
    Page page = request.parameters().page();
    return books
        .entries(user, book, filter, page.offset(), page.size())
        .thenApply(found ->
            ApiAnswer.json(
                new Paged<>(found.total(), found.rows().stream().map(BookJson::of).toList())));
  }

  private CompletionStage<ApiAnswer> tags(ApiRequest request, Principal user) {
    return tags.list(user, request.value(GUID)).thenApply(ApiAnswer::json);
  }

  private CompletionStage<ApiAnswer> addPeer(ApiRequest request, Principal user) {
    return done(books.add(user, request.value(GUID), BookJson.entry(request.json())));
  }

  private CompletionStage<ApiAnswer> updatePeer(ApiRequest request, Principal user) {
    return done(books.update(user, request.value(GUID), BookJson.entry(request.json())));
  }

  private CompletionStage<ApiAnswer> deletePeers(ApiRequest request, Principal user) {
    return done(
        books.delete(user, request.value(GUID), ApiJson.texts(request.body(), BookLimits.ENTRIES)));
  }

  private CompletionStage<ApiAnswer> restorePeers(ApiRequest request, Principal user) {
    return done(
        books.restore(
            user, request.value(GUID), ApiJson.texts(request.body(), BookLimits.ENTRIES)));
  }

  private CompletionStage<ApiAnswer> addTag(ApiRequest request, Principal user) {
    return done(tags.add(user, request.value(GUID), BookJson.tag(request.json())));
  }

  private CompletionStage<ApiAnswer> renameTag(ApiRequest request, Principal user) {
    JsonNode body = request.json();
    return done(
        tags.rename(
            user,
            request.value(GUID),
            BookJson.required(body, "old"),
            BookJson.required(body, "new")));
  }

  private CompletionStage<ApiAnswer> updateTag(ApiRequest request, Principal user) {
    return done(tags.setColor(user, request.value(GUID), BookJson.tag(request.json())));
  }

  private CompletionStage<ApiAnswer> deleteTags(ApiRequest request, Principal user) {
    return done(
        tags.delete(user, request.value(GUID), ApiJson.texts(request.body(), BookLimits.TAGS)));
  }

  static CompletionStage<ApiAnswer> done(CompletionStage<?> change) {
    return change.thenApply(made -> ApiAnswer.done());
  }
}
