// A drawn still life for each stock: the same id and name always give the same picture.

export type Shape = { tag: 'rect' | 'circle' | 'ellipse' | 'path'; attributes: Record<string, string | number> };
export type Picture = { motif: Motif; shapes: Shape[] };

export type Motif = 'lamp' | 'cup' | 'phone' | 'bag' | 'watch' | 'headphones' | 'plant' | 'book' | 'parcel';

const WORDS: Record<Motif, RegExp> = {
  lamp: /lamp|light|灯/i,
  cup: /cup|mug|tea|coffee|杯|茶|咖啡/i,
  bag: /\bbag|backpack|purse|包/i,
  watch: /watch|clock|表|钟/i,
  headphones: /head|ear|audio|speaker|耳机|音/i,
  // After headphones.
  phone: /phone|mobile|tablet|手机|平板/i,
  plant: /plant|flower|vase|花|植物/i,
  book: /book|novel|diary|书/i,
  parcel: /parcel|box|thing|盒/i,
};

// Ground, its pattern, the object, its lit side, and a contrast colour.
const PALETTES = [
  ['#dfe7dc', '#c9d6c6', '#2f5d50', '#4f8a76', '#e4a13c'],
  ['#f0dfcf', '#e4cbb3', '#8c3b2a', '#c0604a', '#f2c879'],
  ['#dbe3ee', '#c3d0e2', '#27466f', '#4a74a8', '#e9b44c'],
  ['#ece0ea', '#dbc8d8', '#5d3a63', '#8a5f91', '#e8b08f'],
  ['#f1e6c4', '#e5d49f', '#3d4a3a', '#6d7f5d', '#c5502f'],
  ['#d9e8e8', '#bfd7d8', '#1f5560', '#3f8792', '#ef8f6b'],
  ['#e9e4dc', '#d7cfc3', '#3a3835', '#6e6a63', '#c23b2c'],
  ['#f3dcd8', '#e6c2bc', '#6a2440', '#a04b68', '#f0b45e'],
] as const;

type Colors = (typeof PALETTES)[number];

/** Draws into a field of 320 by 200. */
export function drawPicture(sid: string, name: string): Picture {
  const random = seeded(`${sid} ${name}`);
  const colors = PALETTES[Math.floor(random() * PALETTES.length)] as Colors;
  const named = (Object.keys(WORDS) as Motif[]).find((motif) => WORDS[motif].test(name));
  const motifs = Object.keys(WORDS) as Motif[];
  const motif = named ?? (motifs[Math.floor(random() * motifs.length)] as Motif);
  return { motif, shapes: [...drawGround(colors, random), ...OBJECTS[motif](colors)] };
}

function drawGround([ground, pattern, , , contrast]: Colors, random: () => number): Shape[] {
  const shapes = [rect(0, 0, 320, 200, ground)];
  switch (Math.floor(random() * 4)) {
    case 0:
      shapes.push(circle(70 + random() * 180, 70, 46, contrast, 0.75), rect(0, 150, 320, 50, pattern));
      break;
    case 1:
      shapes.push(path('M96 150V92a64 64 0 0 1 128 0v58z', pattern), rect(0, 150, 320, 50, pattern));
      break;
    case 2: {
      for (let x = -40 + random() * 30; x < 320; x += 44) shapes.push(path(`M${x} 0h20l60 150h-20z`, pattern));
      shapes.push(rect(0, 150, 320, 50, pattern));
      break;
    }
    default: {
      const top = 96 + random() * 24;
      shapes.push(circle(250, 52, 24, contrast, 0.8));
      shapes.push(path(`M0 ${top}q80 -50 160 0t160 -10v110H0z`, pattern));
    }
  }
  // The object's shadow on the ground.
  shapes.push({ tag: 'ellipse', attributes: { cx: 160, cy: 166, rx: 74, ry: 8, fill: '#000', opacity: 0.14 } });
  return shapes;
}

/** The shapes of each motif. */
const OBJECTS: Record<Motif, (colors: Colors) => Shape[]> = {
  lamp: ([, , dark, lit, contrast]) => [
    path('M124 92h72l34 60a80 40 0 0 1 -140 0z', contrast, 0.28),
    rect(156, 84, 8, 74, dark),
    rect(128, 156, 64, 10, dark, 5),
    path('M134 38h52l20 54h-92z', lit),
    path('M160 38h26l20 54h-46z', dark, 0.35),
    circle(160, 96, 9, contrast),
  ],
  cup: ([, , dark, lit, contrast]) => [
    path('M204 84h16a24 24 0 0 1 0 48h-18v-14h16a10 10 0 0 0 0 -20h-14z', dark),
    path('M108 72h98v58a34 34 0 0 1 -34 34h-30a34 34 0 0 1 -34 -34z', lit),
    path('M108 72h34v92a34 34 0 0 1 -34 -34z', dark, 0.3),
    { tag: 'ellipse', attributes: { cx: 157, cy: 72, rx: 49, ry: 10, fill: dark } },
    { tag: 'ellipse', attributes: { cx: 157, cy: 74, rx: 40, ry: 6, fill: contrast } },
    path('M142 56q-8 -9 0 -17t0 -15M168 56q-8 -9 0 -17t0 -15', 'none', 0.5, dark),
  ],
  phone: ([, , dark, lit, contrast]) => [
    rect(118, 26, 84, 140, dark, 14),
    rect(126, 40, 68, 112, lit, 6),
    circle(146, 68, 12, contrast),
    path('M126 152v-26l22 -24 18 18 12 -10 16 16v26z', dark, 0.5),
    rect(148, 31, 24, 4, contrast, 2),
  ],
  bag: ([, , dark, lit, contrast]) => [
    path('M130 80v-12a30 30 0 0 1 60 0v12', 'none', 1, dark, 9),
    path('M104 78h112l12 88h-136z', lit),
    path('M104 78h56v88h-68z', dark, 0.28),
    path('M104 78h112l3 24a80 34 0 0 1 -118 0z', dark),
    circle(160, 116, 8, contrast),
  ],
  watch: ([, , dark, lit, contrast]) => [
    path('M136 30h48l6 40h-60zM130 126h60l-6 40h-48z', dark),
    circle(160, 98, 48, dark),
    circle(160, 98, 39, lit),
    path('M160 98V72M160 98l18 12', 'none', 1, contrast, 6),
    rect(208, 92, 8, 14, dark, 3),
  ],
  headphones: ([, , dark, lit, contrast]) => [
    path('M104 124v-18a56 56 0 0 1 112 0v18', 'none', 1, dark, 12),
    rect(90, 112, 36, 54, lit, 16),
    rect(194, 112, 36, 54, lit, 16),
    rect(112, 112, 14, 54, dark, 7),
    rect(194, 112, 14, 54, dark, 7),
    circle(102, 140, 5, contrast),
    circle(218, 140, 5, contrast),
  ],
  plant: ([, , dark, lit, contrast]) => [
    path('M160 118C160 70 128 52 100 50c2 34 24 62 60 68z', lit),
    path('M160 118c-2 -46 26 -70 60 -76c2 38 -20 68 -60 76z', dark),
    path('M160 122c-12 -40 -8 -66 4 -92c14 28 14 60 -4 92z', lit, 0.85),
    path('M126 116h68l-9 50h-50z', contrast),
    path('M126 116h30v50h-21z', dark, 0.2),
    rect(120, 108, 80, 14, contrast, 4),
  ],
  book: ([, , dark, lit, contrast]) => [
    rect(96, 132, 128, 32, dark, 5),
    rect(104, 138, 120, 20, '#f6f1e4', 2),
    rect(110, 100, 112, 32, lit, 5),
    rect(110, 106, 104, 20, '#f6f1e4', 2),
    path('M128 98l14 -62 72 16 -10 46z', contrast),
    path('M142 36l10 2 -14 60h-10z', dark, 0.6),
  ],
  parcel: ([, , dark, lit, contrast]) => [
    path('M92 92h136v74H92z', lit),
    path('M92 92h68v74H92z', dark, 0.22),
    path('M92 92l20 -34h96l20 34z', dark),
    rect(150, 58, 20, 108, contrast),
    path('M160 60q-34 -2 -34 -18t34 16q0 -30 34 -16t-34 18', 'none', 1, contrast, 6),
  ],
};

function rect(x: number, y: number, width: number, height: number, fill: string, rx = 0): Shape {
  return { tag: 'rect', attributes: { x, y, width, height, fill, rx } };
}

function circle(cx: number, cy: number, r: number, fill: string, opacity = 1): Shape {
  return { tag: 'circle', attributes: { cx: Math.round(cx), cy, r, fill, opacity } };
}

function path(d: string, fill: string, opacity = 1, stroke = 'none', width = 4): Shape {
  return { tag: 'path', attributes: { d, fill, opacity, stroke, 'stroke-width': width, 'stroke-linecap': 'round' } };
}

/** A generator of numbers from 0 to 1, seeded with a text: FNV-1a, then mulberry32. */
function seeded(text: string): () => number {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
