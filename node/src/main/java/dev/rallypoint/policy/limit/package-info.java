/**
 * Limits: how much of what one address, one peer and all together may have. Pure: time and
 * randomness are arguments.
 */
@NullMarked
package dev.rallypoint.policy.limit;

import org.jspecify.annotations.NullMarked;
