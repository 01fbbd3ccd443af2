import numpy
from PIL import Image


def imread(name, flatten=False, mode=None):
    image = Image.open(name)
    return numpy.array(image.convert("F" if flatten else mode or image.mode))


def toimage(arr, *_, **options):
    arr = numpy.asarray(arr)
    if arr.dtype != numpy.uint8:
        low = options.get("cmin", arr.min())
        spread = (options.get("cmax", arr.max()) - low) or 1
        arr = ((arr - low) / spread * 255).clip(0, 255).astype(numpy.uint8)
    return Image.fromarray(arr.squeeze())


def imsave(name, arr, *_):
    toimage(arr).save(name)


def imresize(arr, size, interp="bilinear", mode=None):
    image = toimage(arr)
    if isinstance(size, (int, float)):
        scale = size / 100 if isinstance(size, int) else size
        size = [int(scale * length) for length in image.size[::-1]]
    return numpy.array(image.resize((int(size[1]), int(size[0])), Image.Resampling.BILINEAR))
