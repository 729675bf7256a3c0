/** What goes wrong around the packaged service, and what it makes of it. */
@NullMarked
package dev.waybill.harden;

import org.jspecify.annotations.NullMarked;
