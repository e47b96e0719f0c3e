/** Audits: what devices tell of connections to them, and what administrators did. */
@NullMarked
package dev.rallypoint.audit;

import org.jspecify.annotations.NullMarked;
