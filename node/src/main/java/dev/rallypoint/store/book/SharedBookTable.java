package dev.rallypoint.store.book;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements that make, change and delete shared books. Times are milliseconds since 1970. */
public final class SharedBookTable {
  private SharedBookTable() {}

  /**
   * What an owner writes of a shared book.
   *
   * @param nameKey the key of its name
   * @param password sealed, or empty
   */
  public record Profile(String name, String nameKey, String note, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Profile[" + name + "]";
    }
  }

  /** Makes a shared book; false when the name is taken. */
  public static boolean insert(
      Handle handle, Reader owner, String guid, Profile profile, long now) {
    return BookTable.bindNames(
                handle.createUpdate(
                    """
                    insert into api_address_book (guid, org, owner, name, name_key, note, password,
                      version, entries, bytes, created_at, updated_at)
                    values (:guid, :org, :owner, :name, :nameKey, :note, :password, 0, 0, 0, :now,
                      :now)
                    on conflict do nothing
                    """),
                profile.name(),
                profile.nameKey(),
                profile.note(),
                profile.password())
            .bind("guid", guid)
            .bind("org", owner.org())
            .bind("owner", owner.user())
            .bind("now", now)
            .execute()
        == 1;
  }

  /** How many shared books an owner has, deleted ones among them. */
  public static int owned(Handle handle, String owner) {
    return handle
        .createQuery("select count(*) from api_address_book where owner = :owner")
        .bind("owner", owner)
        .mapTo(Integer.class)
        .one();
  }

  /** Changes what was written; the name must not be taken. */
  public static void update(Handle handle, String guid, Profile profile, Optional<String> owner) {
    BookTable.bindNames(
            handle.createUpdate(
                """
                update api_address_book set name = :name, name_key = :nameKey, note = :note,
                  password = :password, owner = :owner
                where guid = :guid
                """),
            profile.name(),
            profile.nameKey(),
            profile.note(),
            profile.password())
        .bind("guid", guid)
        .bind("owner", owner.orElse(null))
        .execute();
  }

  /** Deletes a shared book so that it can be restored. */
  public static void delete(Handle handle, String guid, long now) {
    handle
        .createUpdate("update api_address_book set deleted_at = :now where guid = :guid")
        .bind("guid", guid)
        .bind("now", now)
        .execute();
  }

  /** Restores a shared book; the name must not be taken. */
  public static void restore(Handle handle, String guid) {
    handle
        .createUpdate("update api_address_book set deleted_at = null where guid = :guid")
        .bind("guid", guid)
        .execute();
  }

  /** The user of a guid or of a name's key. */
  public static Optional<String> user(Handle handle, String org, String guid, String nameKey) {
    return one(handle, "api_user", org, guid, nameKey);
  }

  /** The user group of a guid or of a name's key. */
  public static Optional<String> group(Handle handle, String org, String guid, String nameKey) {
    return one(handle, "api_user_group", org, guid, nameKey);
  }

  private static Optional<String> one(
      Handle handle, String table, String org, String guid, String nameKey) {
    return handle
        .createQuery(
            """
            select guid from %s where org = :org and (guid = :guid or name_key = :nameKey)
            order by case when guid = :guid then 0 else 1 end limit 1
            """
                .formatted(table))
        .bind("org", org)
        .bind("guid", guid)
        .bind("nameKey", nameKey)
        .mapTo(String.class)
        .findOne();
  }
}
