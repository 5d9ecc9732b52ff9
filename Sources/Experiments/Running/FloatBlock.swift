import Foundation
import Tensors

/// Numbers in single precision as a checkpoint keeps them: four bytes each, the lowest first.
package struct FloatBlock: Codable, Sendable, Equatable {
    package var bytes: Data

    package init(_ floats: [Float]) { bytes = floats.littleEndianBytes }

    package var floats: [Float] { Array(littleEndianBytes: bytes) }
}
