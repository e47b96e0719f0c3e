package dev.rallypoint.store.book;

import dev.rallypoint.policy.book.BookRule;
import dev.rallypoint.store.book.Book.Owner;
import dev.rallypoint.store.book.Book.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Statements on personal and shared books, and on what users may do with them. Times are
 * milliseconds since 1970.
 */
public final class BookTable {
  /** Three for owners, and for administrators where the owner was deleted. */
  private static final String RULE =
      """
      case when b.personal_of = :user or b.owner = :user then 3
        when b.personal_of is null and b.owner is null and :admin then 3
        else coalesce((select max(r.rule) from api_address_book_rule r
          where r.book = b.guid and b.personal_of is null and (r.user_guid = :user
            or r.user_group = (select m.user_group from api_user m where m.guid = :user)
            or (r.user_guid is null and r.user_group is null))), 0) end
      """;

  private static final String BOOKS =
      """
      select * from (select b.guid, b.org, b.personal_of, b.owner, b.name, b.name_key, b.note,
        b.password, b.version, b.entries, b.bytes, b.deleted_at, u.name as owner_name,
      """
          + RULE
          + """
            as rule
          from api_address_book b
          left join api_user u on u.guid = coalesce(b.personal_of, b.owner)
          where b.org = :org) x
          where x.rule > 0 and
          """;

  private BookTable() {}

  /** The guid of a user's personal book, which is made when it is not there. */
  public static String personal(Handle handle, Reader user, String newGuid, long now) {
    Optional<String> known = personalOf(handle, user.user());
    if (known.isPresent()) {
      return known.get();
    }
    handle
        .createUpdate(
            """
            insert into api_address_book (guid, org, personal_of, name, name_key, note, password,
              version, entries, bytes, created_at, updated_at)
            values (:guid, :org, :user, '', '', '', '', 0, 0, 0, :now, :now)
            on conflict (personal_of) do nothing
            """)
        .bind("guid", newGuid)
        .bind("org", user.org())
        .bind("user", user.user())
        .bind("now", now)
        .execute();
    return personalOf(handle, user.user()).orElseThrow();
  }

  private static Optional<String> personalOf(Handle handle, String user) {
    return handle
        .createQuery("select guid from api_address_book where personal_of = :user")
        .bind("user", user)
        .mapTo(String.class)
        .findOne();
  }

  /** A book that is not deleted; empty where the user may not even read it. */
  public static Optional<Book> find(Handle handle, Reader user, String guid) {
    return bind(handle.createQuery(BOOKS + " x.guid = :guid and x.deleted_at is null"), user)
        .bind("guid", guid)
        .map((rows, context) -> book(rows))
        .findOne();
  }

  /** A deleted shared book that the user may restore. */
  public static Optional<Book> findDeleted(Handle handle, Reader user, String guid) {
    return bind(
            handle.createQuery(
                BOOKS + " x.guid = :guid and x.deleted_at is not null and x.rule = 3"),
            user)
        .bind("guid", guid)
        .map((rows, context) -> book(rows))
        .findOne();
  }

  /**
   * A page of the shared books that a user may read, in the order of their names.
   *
   * @param nameKey only the one of this name, or empty for all
   * @param areDeleted those that are deleted and that the user may restore, or those that are not
   */
  public static List<Book> shared(
      Handle handle, Reader user, String nameKey, boolean areDeleted, long offset, int size) {
    return bind(
            handle.createQuery(
                BOOKS
                    + sharedOnly(areDeleted)
                    + " order by x.name_key, x.guid limit :size offset :offset"),
            user)
        .bind("nameKey", nameKey)
        .bind("size", size)
        .bind("offset", offset)
        .map((rows, context) -> book(rows))
        .list();
  }

  /** How many they are. */
  public static long countShared(Handle handle, Reader user, String nameKey, boolean areDeleted) {
    return bind(
            handle.createQuery(
                "select count(*) from (" + BOOKS + sharedOnly(areDeleted) + ") counted"),
            user)
        .bind("nameKey", nameKey)
        .mapTo(Long.class)
        .one();
  }

  private static String sharedOnly(boolean areDeleted) {
    return " x.personal_of is null and (:nameKey = '' or x.name_key = :nameKey) and "
        + (areDeleted ? "x.deleted_at is not null and x.rule = 3" : "x.deleted_at is null");
  }

  private static Query bind(Query query, Reader user) {
    return query.bind("org", user.org()).bind("user", user.user()).bind("admin", user.isAdmin());
  }

  /** The guid of a shared book of a name. */
  public static Optional<String> named(Handle handle, String org, String nameKey) {
    return byName(handle, org, nameKey).map(Named::guid);
  }

  /** A shared book of a name, as its owner may use it. */
  public static Optional<Book> ofOwner(Handle handle, String org, String nameKey) {
    return byName(handle, org, nameKey)
        .flatMap(named -> find(handle, new Reader(org, named.owner(), true), named.guid()));
  }

  private record Named(String guid, String owner) {}

  private static Optional<Named> byName(Handle handle, String org, String nameKey) {
    return handle
        .createQuery(
            """
            select guid, coalesce(owner, '') as owner from api_address_book
            where org = :org and name_key = :nameKey and personal_of is null
              and deleted_at is null
            """)
        .bind("org", org)
        .bind("nameKey", nameKey)
        .map((rows, context) -> new Named(rows.getString("guid"), rows.getString("owner")))
        .findOne();
  }

  /**
   * Begins a change of a book: its row is locked until the transaction ends.
   *
   * @return what it holds before the change, with the version of the change; empty when it is
   *     deleted
   */
  public static Optional<Totals> begin(Handle handle, String guid, long now) {
    return handle
        .createQuery(
            """
            update api_address_book set version = version + 1, updated_at = :now
            where guid = :guid and deleted_at is null returning version, entries, bytes
            """)
        .bind("guid", guid)
        .bind("now", now)
        .map((rows, context) -> totals(rows))
        .findOne();
  }

  /** Adds to what a book holds. */
  public static void add(Handle handle, String guid, int entries, long bytes) {
    handle
        .createUpdate(
            """
            update api_address_book set entries = entries + :entries, bytes = bytes + :bytes
            where guid = :guid
            """)
        .bind("guid", guid)
        .bind("entries", entries)
        .bind("bytes", bytes)
        .execute();
  }

  /** Counts what a book holds. */
  public static void recount(Handle handle, String guid) {
    handle
        .createUpdate(
            """
            update api_address_book set
              entries = (select count(*) from api_address_book_peer p
                where p.book = :guid and p.deleted_at is null),
              bytes = (select coalesce(sum(p.bytes), 0) from api_address_book_peer p
                where p.book = :guid)
            where guid = :guid
            """)
        .bind("guid", guid)
        .execute();
  }

  /** What a book holds. */
  public static Totals totals(Handle handle, String guid) {
    return handle
        .createQuery("select version, entries, bytes from api_address_book where guid = :guid")
        .bind("guid", guid)
        .map((rows, context) -> totals(rows))
        .one();
  }

  /** The bytes of all books of an owner. */
  public static long bytesOf(Handle handle, String owner) {
    return handle
        .createQuery(
            """
            select coalesce(sum(bytes), 0) from api_address_book
            where personal_of = :owner or owner = :owner
            """)
        .bind("owner", owner)
        .mapTo(Long.class)
        .one();
  }

  /** When a book was last changed. */
  public static long updatedAt(Handle handle, String guid) {
    return handle
        .createQuery("select updated_at from api_address_book where guid = :guid")
        .bind("guid", guid)
        .mapTo(Long.class)
        .one();
  }

  static <S extends SqlStatement<S>> S bindNames(
      S statement, String name, String nameKey, String note, String password) {
    return statement
        .bind("name", name)
        .bind("nameKey", nameKey)
        .bind("note", note)
        .bind("password", password);
  }

  private static Totals totals(ResultSet rows) throws SQLException {
    return new Totals(rows.getLong("version"), rows.getInt("entries"), rows.getLong("bytes"));
  }

  private static Book book(ResultSet rows) throws SQLException {
    Optional<String> personalOf = Optional.ofNullable(rows.getString("personal_of"));
    Optional<String> ownerName = Optional.ofNullable(rows.getString("owner_name"));
    return new Book(
        rows.getString("guid"),
        rows.getString("org"),
        new Owner(personalOf.or(() -> owner(rows)), ownerName.orElse(""), personalOf.isPresent()),
        rows.getString("name"),
        rows.getString("note"),
        rows.getString("password"),
        BookRule.of(rows.getInt("rule")).orElseThrow(),
        totals(rows));
  }

  private static Optional<String> owner(ResultSet rows) {
    try {
      return Optional.ofNullable(rows.getString("owner"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
