/** Rows to records: the peers' identities, kept where a restart finds them again. */
@NullMarked
package dev.rallypoint.store;

import org.jspecify.annotations.NullMarked;
