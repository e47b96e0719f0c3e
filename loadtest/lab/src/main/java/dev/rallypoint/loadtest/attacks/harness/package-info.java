/** What every attack uses: the node, the clients beside it, and what is measured. */
@NullMarked
package dev.rallypoint.loadtest.attacks.harness;

import org.jspecify.annotations.NullMarked;
