/** The tables of who may control which device, beside those of the accounts. */
@NullMarked
package dev.rallypoint.store.access;

import org.jspecify.annotations.NullMarked;
