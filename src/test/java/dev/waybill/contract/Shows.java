package dev.waybill.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which rows of the contract a test shows: were one of them broken, the test would fail. The
 * page {@code docs/contract-tests.md} is made from these marks.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Shows {

  /** The keys of the rows, as {@code contract.yaml} has them. */
  String[] value();
}
