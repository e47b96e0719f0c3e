/** Rules on strategies: their options, which of them counts, and what a device is told. */
@NullMarked
package dev.rallypoint.policy.strategy;

import org.jspecify.annotations.NullMarked;
