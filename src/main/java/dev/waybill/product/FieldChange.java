package dev.waybill.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One value of a product before and after a write. Null means that there is no value. Long texts
 * are truncated.
 *
 * @param field the public name of the field; “attributes” for an attribute
 * @param attribute the name of the attribute; null and omitted from the JSON for a field
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FieldChange(
    String field,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String attribute,
    @JsonProperty("old") @Nullable Object before,
    @JsonProperty("new") @Nullable Object after) {}
