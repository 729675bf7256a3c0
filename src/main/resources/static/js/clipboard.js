/**
 * Copies the text of an element. A page has a clipboard API only with HTTPS or on localhost.
 * Otherwise this function selects the text and copies the selection.
 */
export async function copyText(element) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      // The browser does not permit the call, so the code below copies by selection.
    }
  }
  const selection = getSelection();
  selection.selectAllChildren(element);
  const copied = document.execCommand('copy');
  if (copied) {
    selection.removeAllRanges();
  }
  return copied;
}
