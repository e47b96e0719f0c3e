/**
 * The verdicts of {@code rallypoint doctor}: what was seen of a server, and what it means. Pure: no
 * sockets, files or clocks, so that each rule is tested by a table.
 */
@NullMarked
package dev.rallypoint.app.doctor;

import org.jspecify.annotations.NullMarked;
