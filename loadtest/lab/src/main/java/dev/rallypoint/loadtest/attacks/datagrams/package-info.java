/** Floods of UDP datagrams. */
@NullMarked
package dev.rallypoint.loadtest.attacks.datagrams;

import org.jspecify.annotations.NullMarked;
