package dev.waybill.product;

import dev.waybill.answer.AnswerJson;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
@RequiredArgsConstructor
class ProductController {

  private final ProductStore products;
  private final AnswerJson answer;

  /**
   * Declares the sku as a query parameter. The sku is not a part of the path, because a sku may
   * contain a slash.
   */
  @GetMapping(params = "sku")
  void bySkuParameter(
      @RequestParam(required = false) @Nullable String sku,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (sku == null || sku.isBlank()) {
      throw noSku();
    }
    bySku(sku, request, response);
  }

  private static Problem noSku() {
    return Problem.parameter("The parameter sku is missing: /api/products?sku=…");
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteBySkuParameter(@RequestParam(required = false) @Nullable String sku) {
    if (sku == null || sku.isBlank()) {
      throw noSku();
    }
    delete(sku);
  }

  /** Deletes a product. A running import may create the product again. */
  @DeleteMapping("/{sku}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String sku) {
    String wanted = Sku.asked(sku);
    if (!products.delete(Sku.normalized(wanted)) && !products.delete(wanted)) {
      throw unknown(wanted);
    }
  }

  @GetMapping("/{sku}")
  void bySku(@PathVariable String sku, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String wanted = Sku.asked(sku);
    answer.value(request, response, () -> find(wanted));
  }

  /**
   * Finds a product by its sku. First searches for the sku in the normal form NFC. An early version
   * stored skus without normalisation. So this method then searches for the sku exactly as given.
   */
  private Product find(String sku) {
    return products
        .find(Sku.normalized(sku))
        .or(() -> products.find(sku))
        .orElseThrow(() -> unknown(sku));
  }

  private static Problem unknown(String sku) {
    return Problem.of(
        HttpStatus.NOT_FOUND,
        "product-unknown",
        "No such product",
        "No product has the sku “" + sku + "”.");
  }
}
