/** What {@code rallypoint doctor} looks at on the machine of a node. It changes nothing there. */
@NullMarked
package dev.rallypoint.app.doctor.server;

import org.jspecify.annotations.NullMarked;
