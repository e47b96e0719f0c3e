package dev.rallypoint.store.book;

import static java.util.stream.Collectors.joining;

import dev.rallypoint.policy.book.EntryField;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Statements on the entries of books. An entry that is deleted stays until it is purged. Times are
 * milliseconds since 1970.
 */
public final class EntryTable {
  private static final int BATCH = 500;

  private static final String COLUMNS =
      Stream.of(EntryField.values()).map(EntryField::column).collect(joining(", "));

  private static final String SELECT =
      "select peer_id, "
          + COLUMNS
          + ", same_server, version, changed_by, deleted_at"
          + " from api_address_book_peer where book = :book ";

  private static final String SAVE =
      "insert into api_address_book_peer (book, peer_id, org, "
          + COLUMNS
          + ", same_server, bytes, version, changed_by, created_at, updated_at)"
          + " values (:book, :peer, :org, "
          + Stream.of(EntryField.values()).map(field -> ":" + field.column()).collect(joining(", "))
          + ", :same, :bytes, :version, :by, :now, :now)"
          + " on conflict (book, peer_id) do update set "
          + Stream.of(EntryField.values())
              .map(field -> "%1$s = excluded.%1$s".formatted(field.column()))
              .collect(joining(", "))
          + ", same_server = excluded.same_server, bytes = excluded.bytes,"
          + " version = excluded.version, changed_by = excluded.changed_by, deleted_at = null,"
          + " updated_at = excluded.updated_at";

  private EntryTable() {}

  /**
   * Which entries are wanted.
   *
   * @param id with percent signs for any text; empty for any id
   * @param alias likewise; {@code -} for none
   * @param areDeleted those in the recycle bin, or those in the book
   */
  public record Filter(String id, String alias, boolean areDeleted) {
    /** All in the book. */
    public static final Filter ALL = new Filter("", "", false);

    private String sql() {
      return (areDeleted ? " and deleted_at is not null" : " and deleted_at is null")
          + condition("peer_id", ":id", id)
          + (alias.equals("-") ? " and alias = ''" : condition("alias", ":alias", alias));
    }

    private static String condition(String column, String name, String wanted) {
      if (wanted.isEmpty()) {
        return "";
      }
      return wanted.indexOf('%') < 0
          ? " and %s = %s".formatted(column, name)
          : " and lower(%s) like lower(%s) escape '!'".formatted(column, name);
    }

    private <S extends SqlStatement<S>> S bind(S statement) {
      if (!id.isEmpty()) {
        statement.bind("id", pattern(id));
      }
      if (!alias.isEmpty() && !alias.equals("-")) {
        statement.bind("alias", pattern(alias));
      }
      return statement;
    }

    private static String pattern(String wanted) {
      return wanted.indexOf('%') < 0 ? wanted : wanted.replace("!", "!!").replace("_", "!_");
    }
  }

  /** A page of entries in the order of their ids. */
  public static List<StoredEntry> page(
      Handle handle, String book, Filter filter, long offset, int size) {
    List<StoredEntry> page =
        filter
            .bind(
                handle.createQuery(
                    SELECT + filter.sql() + " order by peer_id limit :size offset :offset"))
            .bind("book", book)
            .bind("size", size)
            .bind("offset", offset)
            .map((rows, context) -> entry(rows))
            .list();
    List<String> ids = page.stream().map(stored -> stored.entry().id()).toList();
    return tagged(page, TagTable.of(handle, book, ids));
  }

  /** How many entries a filter finds. */
  public static long count(Handle handle, String book, Filter filter) {
    return filter
        .bind(
            handle.createQuery(
                "select count(*) from api_address_book_peer where book = :book" + filter.sql()))
        .bind("book", book)
        .mapTo(Long.class)
        .one();
  }

  /** One entry, which may be deleted. */
  public static Optional<StoredEntry> find(Handle handle, String book, String id) {
    List<StoredEntry> found =
        handle
            .createQuery(SELECT + " and peer_id = :id")
            .bind("book", book)
            .bind("id", id)
            .map((rows, context) -> entry(rows))
            .list();
    return tagged(found, TagTable.of(handle, book, List.of(id))).stream().findFirst();
  }

  /** All entries of a book, deleted ones among them, in the order of their ids. */
  public static List<StoredEntry> all(Handle handle, String book) {
    return tagged(
        handle
            .createQuery(SELECT + " order by peer_id")
            .bind("book", book)
            .map((rows, context) -> entry(rows))
            .list(),
        TagTable.ofAll(handle, book));
  }

  private static List<StoredEntry> tagged(
      List<StoredEntry> entries, Map<String, List<String>> tags) {
    return entries.stream()
        .map(stored ->
            new StoredEntry(
                stored.entry().withTags(tags.getOrDefault(stored.entry().id(), List.of())),
                stored.version(),
                stored.changedBy(),
                stored.deletedAt()))
        .toList();
  }

  /**
   * Stores whole entries; one that is deleted is in the book again.
   *
   * @param entries with their secrets sealed, at most one of an id
   * @param tagged those of them whose tags are stored too
   */
  public static void save(
      Handle handle, Stamp stamp, List<Entry> entries, Collection<Entry> tagged) {
    for (int from = 0; from < entries.size(); from += BATCH) {
      PreparedBatch batch = handle.prepareBatch(SAVE);
      for (Entry entry : entries.subList(from, Math.min(from + BATCH, entries.size()))) {
        for (EntryField field : EntryField.values()) {
          batch.bind(field.column(), entry.text(field));
        }
        batch
            .bind("book", stamp.book())
            .bind("peer", entry.id())
            .bind("org", stamp.org())
            .bind("same", entry.sameServer().orElse(null))
            .bind("bytes", entry.bytes())
            .bind("version", stamp.version())
            .bind("by", stamp.changedBy())
            .bind("now", stamp.now())
            .add();
      }
      batch.execute();
    }
    List<Entry> all = List.copyOf(tagged);
    for (int from = 0; from < all.size(); from += BATCH) {
      TagTable.set(handle, stamp, all.subList(from, Math.min(from + BATCH, all.size())));
    }
  }

  /** Moves entries to the recycle bin, or out of it; others than those of the ids stay. */
  public static void setDeleted(
      Handle handle, Stamp stamp, Collection<String> ids, boolean isDeleted) {
    if (ids.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            update api_address_book_peer set deleted_at = :deleted, version = :version,
              changed_by = :by
            where book = :book and peer_id = :peer and
            """
                + (isDeleted ? "deleted_at is null" : "deleted_at is not null"));
    for (String id : ids) {
      batch
          .bind("deleted", isDeleted ? Long.valueOf(stamp.now()) : null)
          .bind("version", stamp.version())
          .bind("by", stamp.changedBy())
          .bind("book", stamp.book())
          .bind("peer", id)
          .add();
    }
    batch.execute();
  }

  private static StoredEntry entry(ResultSet rows) throws SQLException {
    Map<EntryField, String> texts = new EnumMap<>(EntryField.class);
    for (EntryField field : EntryField.values()) {
      texts.put(field, rows.getString(field.column()));
    }
    boolean isSame = rows.getBoolean("same_server");
    Optional<Boolean> sameServer = rows.wasNull() ? Optional.empty() : Optional.of(isSame);
    long deleted = rows.getLong("deleted_at");
    Optional<Long> deletedAt = rows.wasNull() ? Optional.empty() : Optional.of(deleted);
    return new StoredEntry(
        new Entry(rows.getString("peer_id"), texts, Optional.empty(), sameServer),
        rows.getLong("version"),
        rows.getString("changed_by"),
        deletedAt);
  }
}
