package dev.rallypoint.store.audit;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Reads a page of a table whose rows have an organization, a time and a guid; the latest first. */
final class Listing {
  private Listing() {}

  /**
   * Reads a page.
   *
   * @param columns one or two; the text of the filter is compared with each
   */
  static <T> Found<T> page(
      Handle handle,
      String table,
      String org,
      AuditFilter filter,
      List<String> columns,
      RowMapper<T> row) {
    String from =
        " from %s where org = :org and created_at >= :since and %s"
            .formatted(table, filter.condition(columns));
    long total =
        bound(handle.createQuery("select count(*)" + from), org, filter).mapTo(Long.class).one();
    return new Found<>(
        total,
        bound(
                handle.createQuery(
                    "select *"
                        + from
                        + " order by created_at desc, guid desc limit :size offset :offset"),
                org,
                filter)
            .bind("size", filter.size())
            .bind("offset", filter.offset())
            .map(row)
            .list());
  }

  private static Query bound(Query query, String org, AuditFilter filter) {
    query.bind("org", org).bind("since", filter.since());
    filter.text().ifPresent(text -> query.bind("pattern", filter.pattern()));
    return query;
  }
}
