/** What clients are given. */
@NullMarked
package dev.rallypoint.app.onboarding;

import org.jspecify.annotations.NullMarked;
