package dev.rallypoint.store.audit;

import java.util.List;

/**
 * One page of what was found.
 *
 * @param total how many rows all pages have
 */
public record Found<T>(long total, List<T> rows) {}
