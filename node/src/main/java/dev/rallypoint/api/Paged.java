package dev.rallypoint.api;

import java.util.List;

/**
 * One page of a list, as clients read it: they drop the rows where the total is not there.
 *
 * @param total how many rows all pages have
 */
public record Paged<T>(long total, List<T> data) {}
