/** What the user of a client needs to reach this server, and what its operator has to open. */
@NullMarked
package dev.rallypoint.app.onboarding;

import org.jspecify.annotations.NullMarked;
