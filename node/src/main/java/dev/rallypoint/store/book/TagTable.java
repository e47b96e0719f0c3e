package dev.rallypoint.store.book;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Statements on the tags of books and of their entries. Names are compared letter by letter. */
public final class TagTable {
  private TagTable() {}

  /**
   * A tag.
   *
   * @param color ARGB, which may be over 2^31
   */
  public record Tag(String name, long color) {}

  /**
   * A tag as it is stored.
   *
   * @param version the book's when it was last changed
   * @param changedBy the guid of the token by which, or empty
   */
  public record StoredTag(Tag tag, long version, String changedBy) {}

  private record OfPeer(String peer, String tag) {}

  /** The tags of a book in the order of their names. */
  public static List<StoredTag> list(Handle handle, String book) {
    return handle
        .createQuery(
            """
            select name, color, version, changed_by from api_address_book_tag where book = :book
            order by name
            """)
        .bind("book", book)
        .map((rows, context) ->
            new StoredTag(
                new Tag(rows.getString("name"), rows.getLong("color")),
                rows.getLong("version"),
                rows.getString("changed_by")))
        .list();
  }

  /** How many tags a book has. */
  public static int count(Handle handle, String book) {
    return handle
        .createQuery("select count(*) from api_address_book_tag where book = :book")
        .bind("book", book)
        .mapTo(Integer.class)
        .one();
  }

  /** Adds tags; those that are there keep their colors. */
  public static void add(Handle handle, Stamp stamp, Collection<Tag> tags) {
    insert(handle, stamp, tags, "do nothing");
  }

  /** Adds tags, or gives those that are there other colors. */
  public static void save(Handle handle, Stamp stamp, Collection<Tag> tags) {
    insert(
        handle,
        stamp,
        tags,
        """
        (book, name) do update set color = excluded.color, version = excluded.version,
          changed_by = excluded.changed_by
        """);
  }

  private static void insert(Handle handle, Stamp stamp, Collection<Tag> tags, String onConflict) {
    if (tags.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into api_address_book_tag (book, name, org, color, version, changed_by,
              created_at)
            values (:book, :name, :org, :color, :version, :by, :now) on conflict
            """
                + onConflict);
    for (Tag tag : tags) {
      batch
          .bind("book", stamp.book())
          .bind("name", tag.name())
          .bind("org", stamp.org())
          .bind("color", tag.color())
          .bind("version", stamp.version())
          .bind("by", stamp.changedBy())
          .bind("now", stamp.now())
          .add();
    }
    batch.execute();
  }

  /** Gives a tag another color; false when it is not there. */
  public static boolean setColor(Handle handle, Stamp stamp, Tag tag) {
    return handle
            .createUpdate(
                """
                update api_address_book_tag set color = :color, version = :version,
                  changed_by = :by
                where book = :book and name = :name
                """)
            .bind("book", stamp.book())
            .bind("name", tag.name())
            .bind("color", tag.color())
            .bind("version", stamp.version())
            .bind("by", stamp.changedBy())
            .execute()
        == 1;
  }

  /** Renames a tag in the book and its entries; false when it is not there. */
  public static boolean rename(Handle handle, Stamp stamp, String old, String name) {
    return handle
            .createUpdate(
                """
                update api_address_book_tag set name = :name, version = :version, changed_by = :by
                where book = :book and name = :old
                """)
            .bind("book", stamp.book())
            .bind("old", old)
            .bind("name", name)
            .bind("version", stamp.version())
            .bind("by", stamp.changedBy())
            .execute()
        == 1;
  }

  /** Whether a book has a tag. */
  public static boolean has(Handle handle, String book, String name) {
    return handle
        .createQuery("select 1 from api_address_book_tag where book = :book and name = :name")
        .bind("book", book)
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Deletes tags, from the entries too. */
  public static void delete(Handle handle, String book, Collection<String> names) {
    if (names.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch("delete from api_address_book_tag where book = :book and name = :name");
    names.forEach(name -> batch.bind("book", book).bind("name", name).add());
    batch.execute();
  }

  /** Gives entries other tags, which the book must have. */
  static void set(Handle handle, Stamp stamp, Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    PreparedBatch cleared =
        handle.prepareBatch(
            "delete from api_address_book_peer_tag where book = :book and peer_id = :peer");
    entries.forEach(entry -> cleared.bind("book", stamp.book()).bind("peer", entry.id()).add());
    cleared.execute();
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into api_address_book_peer_tag (book, peer_id, tag, org)
            values (:book, :peer, :tag, :org) on conflict do nothing
            """);
    for (Entry entry : entries) {
      for (String tag : entry.tags().orElse(List.of())) {
        batch
            .bind("book", stamp.book())
            .bind("peer", entry.id())
            .bind("tag", tag)
            .bind("org", stamp.org())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** The tags of all entries, by their ids. */
  static Map<String, List<String>> ofAll(Handle handle, String book) {
    return byPeer(
        handle
            .createQuery(
                """
                select peer_id, tag from api_address_book_peer_tag where book = :book
                order by peer_id, tag
                """)
            .bind("book", book)
            .map((rows, context) -> new OfPeer(rows.getString(1), rows.getString(2)))
            .list());
  }

  /** The tags of some entries, by their ids. */
  static Map<String, List<String>> of(Handle handle, String book, List<String> peers) {
    if (peers.isEmpty()) {
      return Map.of();
    }
    return byPeer(
        handle
            .createQuery(
                """
                select peer_id, tag from api_address_book_peer_tag
                where book = :book and peer_id in (<peers>) order by peer_id, tag
                """)
            .bind("book", book)
            .bindList("peers", peers)
            .map((rows, context) -> new OfPeer(rows.getString(1), rows.getString(2)))
            .list());
  }

  private static Map<String, List<String>> byPeer(List<OfPeer> tags) {
    return tags.stream().collect(groupingBy(OfPeer::peer, mapping(OfPeer::tag, toList())));
  }
}
