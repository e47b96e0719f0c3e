@NullMarked
package dev.rallypoint.registration.notice;

import org.jspecify.annotations.NullMarked;
