/** Who may control which device: what is known of users and devices in memory, and the decision. */
@NullMarked
package dev.rallypoint.access;

import org.jspecify.annotations.NullMarked;
