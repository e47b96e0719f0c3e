package dev.rallypoint.store.book;

import dev.rallypoint.policy.book.BookRule;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on who may use shared books. */
public final class RuleTable {
  private RuleTable() {}

  /**
   * A rule. One without a user and a group is for everyone.
   *
   * @param user the name of a user, or empty
   * @param group the name of a user group, or empty
   */
  public record Rule(String guid, Optional<String> user, Optional<String> group, BookRule rule) {}

  /**
   * Whom a rule is for.
   *
   * @param user the guid of a user, or empty
   * @param group the guid of a user group, or empty
   */
  public record Target(Optional<String> user, Optional<String> group) {}

  /** Adds a rule, or changes the one that the target has. */
  public static void save(Handle handle, Stamp stamp, String guid, Target target, BookRule rule) {
    handle
        .createUpdate(
            """
            insert into api_address_book_rule (guid, org, book, user_guid, user_group, rule,
              created_at)
            values (:guid, :org, :book, :user, :group, :rule, :now)
            on conflict (book, coalesce(user_guid, ''), coalesce(user_group, ''))
            do update set rule = excluded.rule
            """)
        .bind("guid", guid)
        .bind("org", stamp.org())
        .bind("book", stamp.book())
        .bind("user", target.user().orElse(null))
        .bind("group", target.group().orElse(null))
        .bind("rule", rule.number())
        .bind("now", stamp.now())
        .execute();
  }

  /** A page of the rules of a book, the oldest first. */
  public static List<Rule> list(Handle handle, String book, long offset, int size) {
    return handle
        .createQuery(
            """
            select r.guid, r.rule, u.name as user_name, g.name as group_name
            from api_address_book_rule r
            left join api_user u on u.guid = r.user_guid
            left join api_user_group g on g.guid = r.user_group
            where r.book = :book order by r.created_at, r.guid limit :size offset :offset
            """)
        .bind("book", book)
        .bind("size", size)
        .bind("offset", offset)
        .map((rows, context) ->
            new Rule(
                rows.getString("guid"),
                Optional.ofNullable(rows.getString("user_name")),
                Optional.ofNullable(rows.getString("group_name")),
                BookRule.of(rows.getInt("rule")).orElseThrow()))
        .list();
  }

  /** How many rules a book has. */
  public static int count(Handle handle, String book) {
    return handle
        .createQuery("select count(*) from api_address_book_rule where book = :book")
        .bind("book", book)
        .mapTo(Integer.class)
        .one();
  }

  /** The guid of the book that a rule is of. */
  public static Optional<String> bookOf(Handle handle, String org, String guid) {
    return handle
        .createQuery("select book from api_address_book_rule where guid = :guid and org = :org")
        .bind("guid", guid)
        .bind("org", org)
        .mapTo(String.class)
        .findOne();
  }

  /** Changes what a rule allows. */
  public static void set(Handle handle, String guid, BookRule rule) {
    handle
        .createUpdate("update api_address_book_rule set rule = :rule where guid = :guid")
        .bind("guid", guid)
        .bind("rule", rule.number())
        .execute();
  }

  /** Deletes a rule. */
  public static void delete(Handle handle, String guid) {
    handle
        .createUpdate("delete from api_address_book_rule where guid = :guid")
        .bind("guid", guid)
        .execute();
  }
}
