/** The node against simulated clients: on this host, and in the lab behind real NATs. */
@NullMarked
package dev.rallypoint.lab;

import org.jspecify.annotations.NullMarked;
