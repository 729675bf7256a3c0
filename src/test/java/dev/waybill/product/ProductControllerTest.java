package dev.waybill.product;

import static org.hamcrest.Matchers.is;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.AnswerMemory;
import dev.waybill.contract.Shows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.json.JsonMapper;

class ProductControllerTest {

  @ControllerAdvice
  static class ProblemsAsBodies extends ResponseEntityExceptionHandler {}

  private ProductDatabase database;
  private MockMvc http;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = ProductDatabase.sqlite(folder);
    HeaderMapping mapping =
        HeaderMapping.of(
            List.of("sku", "name", "price", "quantity", "Image URL", "Zip", "Art"), Map.of());
    RowChecks checks = new RowChecks(mapping);
    database.upsert(
        mapping,
        List.of(
            row(checks, "A/1", "Shoe", "100.10", "5", "https://x.example/é.jpg", "z", "a"),
            row(checks, "B 2", "Boot", "100", "", "", "", "")));
    http =
        MockMvcBuilders.standaloneSetup(
                new ProductController(
                    database.store,
                    new AnswerJson(
                        new AnswerMemory(new SimpleMeterRegistry()), JsonMapper.shared())))
            .setControllerAdvice(new ProblemsAsBodies())
            .build();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  @Shows({"call.product", "field.image_url"})
  void showsAProductWithEveryPropertyInTheirOrder() throws Exception {
    http.perform(get(URI.create("/api/products?sku=A/1")))
        .andExpect(status().isOk())
        .andExpect(
            content()
                .string(
                    is(
                        "{\"sku\":\"A/1\",\"name\":\"Shoe\",\"description\":null,\"price\":100.1,"
                            + "\"currency\":null,\"quantity\":5,\"category\":null,\"brand\":null,"
                            + "\"gtin\":null,\"imageUrl\":\"https://x.example/é.jpg\","
                            + "\"attributes\":{\"Zip\":\"z\",\"Art\":\"a\"}}")));
  }

  @Test
  @Shows("call.product")
  void showsAProductByPath() throws Exception {
    http.perform(get(URI.create("/api/products/B%202")))
        .andExpect(status().isOk())
        .andExpect(
            content()
                .string(
                    is(
                        "{\"sku\":\"B 2\",\"name\":\"Boot\",\"description\":null,\"price\":100,"
                            + "\"currency\":null,\"quantity\":null,\"category\":null,"
                            + "\"brand\":null,\"gtin\":null,\"imageUrl\":null,"
                            + "\"attributes\":{}}")));
  }

  @Test
  @Shows({"call.product.unknown", "problem.product-unknown"})
  void doesNotKnowAProductThatIsNotThere() throws Exception {
    for (String uri : List.of("/api/products/none", "/api/products?sku=none")) {
      http.perform(get(uri))
          .andExpect(status().isNotFound())
          .andExpect(content().contentType("application/problem+json"))
          .andExpect(jsonPath("$.type").value("urn:waybill:problem:product-unknown"))
          .andExpect(jsonPath("$.detail").value("No product has the sku “none”."));
    }
  }

  @Test
  void asksWhichProductIsWanted() throws Exception {
    for (String uri : List.of("/api/products?sku=", "/api/products?sku=%20")) {
      http.perform(get(URI.create(uri)))
          .andExpect(status().isBadRequest())
          .andExpect(jsonPath("$.type").value("urn:waybill:problem:parameter"));
    }
  }

  private static ProductRow row(RowChecks checks, String... cells) {
    return ((RowResult.Accepted) checks.check(cells)).row();
  }
}
