/** Statements on strategies and on what they are assigned to. */
@NullMarked
package dev.rallypoint.store.strategy;

import org.jspecify.annotations.NullMarked;
