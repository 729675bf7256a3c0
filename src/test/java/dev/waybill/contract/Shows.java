package dev.waybill.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of the contract that a test proves. If Waybill broke one of these promises, the
 * test would fail. The page {@code docs/contract-tests.md} is made from these annotations.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Shows {

  /** The keys of the rows, as written in {@code contract.yaml}. */
  String[] value();
}
