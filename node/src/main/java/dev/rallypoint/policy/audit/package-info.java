/** Rules on audits: what a device's post changes, and which connections are over. */
@NullMarked
package dev.rallypoint.policy.audit;

import org.jspecify.annotations.NullMarked;
