/** Tests of the settings of a simulated client. */
@NullMarked
package dev.rallypoint.loadtest.peer.settings;

import org.jspecify.annotations.NullMarked;
