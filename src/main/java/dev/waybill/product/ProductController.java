package dev.waybill.product;

import dev.waybill.problem.Problem;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
@RequiredArgsConstructor
class ProductController {

  private final ProductStore products;

  /** A sku may hold a slash, which a path cannot carry: this form can. */
  @GetMapping
  Product bySkuParameter(@RequestParam(required = false) @Nullable String sku) {
    if (sku == null || sku.isBlank()) {
      throw Problem.parameter("Say which product is wanted: /api/products?sku=…");
    }
    return bySku(sku);
  }

  @GetMapping("/{sku}")
  Product bySku(@PathVariable String sku) {
    return products
        .find(sku.strip())
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "product-unknown",
                    "No such product",
                    "No product has the sku “" + RowError.cut(sku, 64) + "”."));
  }
}
