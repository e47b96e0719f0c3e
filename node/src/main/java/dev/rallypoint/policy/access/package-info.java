/** Who may control which device, decided without I/O. */
@NullMarked
package dev.rallypoint.policy.access;

import org.jspecify.annotations.NullMarked;
