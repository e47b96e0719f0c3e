/** Rules on accounts: their names and passwords, and how often a log-in may be tried. */
@NullMarked
package dev.rallypoint.policy.account;

import org.jspecify.annotations.NullMarked;
