/**
 * Tests that compare the documentation with the code: the reference of settings, the API
 * description, and the commands on the pages.
 */
@NullMarked
package dev.waybill.docs;

import org.jspecify.annotations.NullMarked;
