"""The landmark model of the pose as it is used here: without the silhouette that it also draws, and told how its picture is scaled.

Three tenths of the model's time go into a silhouette that nobody here asks for; the landmarks are the same to the last bit without it.
The Tasks do not guess how a picture is scaled. The library's own writer takes a whole model apart into Python objects and packs it anew, a
fifth of a second in every process. Here the model stays as it is and gets a new root before it, for whatever a FlatBuffer refers to lies
behind what refers to it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import flatbuffers

_SCHEMAS = "mediapipe.tasks.metadata."
_SILHOUETTE, _HEATMAP = 2, 3
"""The outputs of the model: landmarks, whether there is somebody, silhouette, heatmap of the landmarks, landmarks in metres."""
_PIXEL_MAX = 255.0
_ALIGNED_TO = 16
"""Bytes, for the contents of every buffer (`force_align` in TensorFlow Lite's schema)."""
_OFFSET_BYTES = 4


def as_used_here(model: bytes) -> bytes:
    """MediaPipe's landmark model of the pose (full or heavy), a TensorFlow Lite file, without what its silhouette alone needs.

    No output changes its place: where the silhouette was stands the heatmap again. The metadata tell to scale the picture from 0..255 to
    0..1 (format: https://ai.google.dev/edge/litert/models/metadata).
    """
    schema = importlib.import_module(_SCHEMAS + "schema_py_generated")
    old = schema.Model.GetRootAs(model)
    builder = flatbuffers.Builder(2 * len(model))
    start = _put_bytes(builder, model)
    graph = _put_graph(builder, schema, old.Subgraphs(0), start)
    name = builder.CreateString("TFLITE_METADATA")
    contents = _put_bytes(builder, _input_metadata(old.Subgraphs(0).OutputsLength()))
    schema.BufferStart(builder)
    schema.BufferAddData(builder, contents + _OFFSET_BYTES)
    buffers = [*_kept(start, old.Buffers, range(old.BuffersLength())), schema.BufferEnd(builder)]
    schema.MetadataStart(builder)
    schema.MetadataAddName(builder, name)
    schema.MetadataAddBuffer(builder, len(buffers) - 1)
    metadata = [*_kept(start, old.Metadata, range(old.MetadataLength())), schema.MetadataEnd(builder)]
    codes = _kept(start, old.OperatorCodes, range(old.OperatorCodesLength()))
    codes_at, graphs_at, buffers_at, metadata_at = (_put_vector(builder, part) for part in (codes, [graph], buffers, metadata))
    schema.ModelStart(builder)
    schema.ModelAddVersion(builder, old.Version())
    schema.ModelAddOperatorCodes(builder, codes_at)
    schema.ModelAddSubgraphs(builder, graphs_at)
    schema.ModelAddBuffers(builder, buffers_at)
    schema.ModelAddMetadata(builder, metadata_at)
    builder.Finish(schema.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def _put_graph(builder: Any, schema: Any, old: Any, start: int) -> int:
    outputs = old.OutputsAsNumpy().copy()
    outputs[_SILHOUETTE] = outputs[_HEATMAP]
    operators_at = _put_vector(builder, _kept(start, old.Operators, _needed(old, outputs)))
    tensors_at = _put_vector(builder, _kept(start, old.Tensors, range(old.TensorsLength())))
    inputs_at, outputs_at = builder.CreateNumpyVector(old.InputsAsNumpy()), builder.CreateNumpyVector(outputs)
    schema.SubGraphStart(builder)
    schema.SubGraphAddTensors(builder, tensors_at)
    schema.SubGraphAddInputs(builder, inputs_at)
    schema.SubGraphAddOutputs(builder, outputs_at)
    schema.SubGraphAddOperators(builder, operators_at)
    return int(schema.SubGraphEnd(builder))


def _needed(graph: Any, outputs: Iterable[int]) -> list[int]:
    """The operators that these outputs come from, in their order."""
    wanted, needed = set(outputs), []
    for number in reversed(range(graph.OperatorsLength())):  # each stands after all that it needs
        operator = graph.Operators(number)
        if not wanted.isdisjoint(operator.OutputsAsNumpy()):
            needed.append(number)
            wanted.update(operator.InputsAsNumpy())
    return needed[::-1]


def _kept(start: int, part: Callable[[int], Any], numbers: Iterable[int]) -> list[int]:
    """Where tables of the old model, which begins at ``start``, lie, counted as a builder counts: from the end."""
    return [start - int(part(number)._tab.Pos) for number in numbers]


def _put_bytes(builder: Any, data: bytes) -> int:
    """Where the bytes begin; their length lies before them."""
    builder.Prep(_ALIGNED_TO, len(data))
    return int(builder.CreateByteVector(data)) - _OFFSET_BYTES


def _put_vector(builder: Any, offsets: Sequence[int]) -> int:
    builder.StartVector(_OFFSET_BYTES, len(offsets), _OFFSET_BYTES)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _input_metadata(outputs: int) -> bytes:
    schema = importlib.import_module(_SCHEMAS + "metadata_schema_py_generated")
    scaling = schema.NormalizationOptionsT()
    scaling.mean, scaling.std = [0.0], [_PIXEL_MAX]
    step = schema.ProcessUnitT()
    step.optionsType, step.options = schema.ProcessUnitOptions.NormalizationOptions, scaling
    colours = schema.ImagePropertiesT()
    colours.colorSpace = schema.ColorSpaceType.RGB
    picture = schema.ContentT()
    picture.contentPropertiesType, picture.contentProperties = schema.ContentProperties.ImageProperties, colours
    tensor = schema.TensorMetadataT()
    tensor.content, tensor.processUnits = picture, [step]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata, graph.outputTensorMetadata = [tensor], [schema.TensorMetadataT() for _ in range(outputs)]
    told = schema.ModelMetadataT()
    told.subgraphMetadata = [graph]
    builder = flatbuffers.Builder()
    builder.Finish(told.Pack(builder), b"M001")
    return bytes(builder.Output())
