/** Accepts a file that is dropped anywhere on the page; `curtain` shows while one hovers. */
export function acceptDrops(curtain: HTMLElement, onFile: (file: File) => void): void {
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) curtain.hidden = true; // it left the window
  });
  addEventListener('drop', (event) => {
    curtain.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    onFile(file);
  });
}
