/**
 * Tests that keep the documentation true: the reference of settings, the API description, and the
 * commands of the README.
 */
@NullMarked
package dev.waybill.docs;

import org.jspecify.annotations.NullMarked;
