package dev.rallypoint.store.book;

import dev.rallypoint.policy.book.BookLimits;
import dev.rallypoint.policy.book.EntryField;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of an address book, or a change of one, which has only what is changed.
 *
 * @param id what is dialled
 * @param texts a field that is not there is empty, or not changed
 * @param tags in the order of their names; empty for tags that are not changed
 * @param sameServer whether the device is of this server, where a client has said so
 */
public record Entry(
    String id,
    Map<EntryField, String> texts,
    Optional<List<String>> tags,
    Optional<Boolean> sameServer) {

  /** A text, or empty. */
  public String text(EntryField field) {
    return texts.getOrDefault(field, "");
  }

  /** This entry after a change. */
  public Entry with(Entry change) {
    Map<EntryField, String> all = new EnumMap<>(EntryField.class);
    all.putAll(texts);
    all.putAll(change.texts());
    return new Entry(
        id, all, change.tags().or(() -> tags), change.sameServer().or(() -> sameServer));
  }

  /** This entry with other texts. */
  public Entry withTexts(Map<EntryField, String> others) {
    return new Entry(id, others, tags, sameServer);
  }

  /** This entry with these tags. */
  public Entry withTags(List<String> others) {
    return new Entry(id, texts, Optional.of(others), sameServer);
  }

  /** What it counts of its owner's bytes. */
  public int bytes() {
    return BookLimits.ENTRY_BYTES
        + id.length()
        + texts.values().stream().mapToInt(String::length).sum()
        + tags.orElse(List.of()).stream().mapToInt(String::length).sum();
  }

  /** Without the texts, which have secrets. */
  @Override
  public String toString() {
    return "Entry[" + id + "]";
  }
}
