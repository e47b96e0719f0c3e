/** Statements on audits: connections, files, alarms, what administrators did. */
@NullMarked
package dev.rallypoint.store.audit;

import org.jspecify.annotations.NullMarked;
