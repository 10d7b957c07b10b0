// A picture of the head with its title and the disclaimer below it.

const MARGIN = 24;
const LINE = 26;

export async function framed(picture: Blob, words: readonly string[], disclaimer: string): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.max(1, bitmap.width / 900);
  const foot = Math.round((2 * MARGIN + 2 * LINE) * scale);
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height + foot;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('this browser cannot draw the picture');
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0);
  const write = (text: string, row: number, font: string, colour: string): void => {
    pen.font = font;
    pen.fillStyle = colour;
    pen.fillText(text, MARGIN * scale, bitmap.height + (MARGIN + row * LINE + 14) * scale, canvas.width - 2 * MARGIN * scale);
  };
  write(words.join(' · '), 0, `600 ${Math.round(17 * scale)}px system-ui, sans-serif`, '#1b1f23');
  write(disclaimer, 1, `${Math.round(14 * scale)}px system-ui, sans-serif`, '#5c636a');
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('the picture is empty'))), 'image/png'));
}
