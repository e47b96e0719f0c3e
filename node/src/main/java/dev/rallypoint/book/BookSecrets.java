package dev.rallypoint.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.account.AccountParts;
import dev.rallypoint.policy.book.EntryField;
import dev.rallypoint.store.book.Entry;
import dev.rallypoint.store.book.StoredEntry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Seals the secrets of books for the database, and opens them. A secret that was sealed by another
 * key pair is shown as empty, and kept until it is overwritten.
 */
record BookSecrets(AccountParts parts) {

  /** The password of a book, sealed. */
  String seal(String password, String book) {
    return sealed(password, book);
  }

  /** The password of a book. */
  String open(String sealed, String book) {
    return opened(sealed, book);
  }

  /** An entry with its secrets sealed. */
  Entry seal(Entry entry, String book) {
    return entry.withTexts(
        mapped(entry, field -> sealed(entry.text(field), owner(entry, book, field))));
  }

  /** An entry as it was written. */
  Entry open(StoredEntry stored, String book) {
    Entry entry = stored.entry();
    return entry.withTexts(
        mapped(entry, field -> opened(entry.text(field), owner(entry, book, field))));
  }

  /** What is left of a change without what the entry has already; its secrets are not sealed. */
  Entry difference(StoredEntry stored, Entry change, String book) {
    Entry entry = stored.entry();
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    change
        .texts()
        .forEach((field, text) -> {
          String known =
              field.isSecret()
                  ? opened(entry.text(field), owner(entry, book, field))
                  : entry.text(field);
          if (!known.equals(text) || text.isEmpty() && !entry.text(field).isEmpty()) {
            texts.put(field, text);
          }
        });
    return new Entry(
        entry.id(),
        texts,
        change.tags().filter(tags -> !Optional.of(tags).equals(entry.tags())),
        change.sameServer().filter(same -> !Optional.of(same).equals(entry.sameServer())));
  }

  private static Map<EntryField, String> mapped(Entry entry, Function<EntryField, String> secret) {
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    entry
        .texts()
        .forEach((field, text) ->
            texts.put(field, field.isSecret() && !text.isEmpty() ? secret.apply(field) : text));
    return texts;
  }

  private static String owner(Entry entry, String book, EntryField field) {
    return book + "/" + entry.id() + "/" + field.wireName();
  }

  private String sealed(String secret, String owner) {
    return secret.isEmpty() ? "" : parts.requireSeal().seal(secret.getBytes(UTF_8), owner);
  }

  private String opened(String sealed, String owner) {
    return parts
        .seal()
        .filter(seal -> !sealed.isEmpty())
        .flatMap(seal -> seal.open(sealed, owner))
        .map(bytes -> new String(bytes, UTF_8))
        .orElse("");
  }
}
