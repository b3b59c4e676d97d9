"""The science of Caihua: photos in, masks, areas and models out. No Qt.

Glossary. The same word in code, menu and file:

* Photo: one picture of painted architecture, read turned upright and in sRGB.
* Scale: millimetres per pixel of a photo; unknown until somebody measured it.
* Tile: a square part of a photo at native scale, with context around it.
* Defect class: what a pixel can be: sound, craquelure, paint loss.
* Probability map: for each pixel and defect class a probability, kept as uint8.
* Mask: one defect class id per pixel; the truth that areas are counted from.
* Edit: one change of a mask by a person or a model, with what was there before.
* Origin: who set a pixel of the mask: the model or a person.
* Region: a connected piece of one class in a mask.
* Shape: the outline of a region, made for export only.
* Building: the photos that are reported together.
* Model file: one `.safetensors` with weights, classes, thresholds and figures.
"""

__version__ = "0.1.0"
