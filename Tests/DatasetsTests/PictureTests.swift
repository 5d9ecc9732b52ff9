import Datasets
import Foundation
import Testing

@Suite struct PictureTests {
    private func picture(_ name: String) throws -> Picture { try Picture.read(fixture(name), file: name) }

    @Test func `PNG of every colour type decodes to what Pillow wrote`() throws {
        let colour = try picture("colour.ppm"), grey = try picture("grey.pgm")
        #expect(colour.width == 13 && colour.height == 9 && colour.channels == 3 && grey.channels == 1)
        // grey is (17x + 3y) mod 256.
        #expect(grey.pixels[8 * 13 + 12] == UInt8(17 * 12 + 3 * 8))
        #expect(try picture("colour.png") == colour)
        #expect(try picture("alpha.png") == colour)
        #expect(try picture("grey.png") == grey)
        #expect(try picture("sixteen.png") == grey)
        #expect(try picture("one-bit.png").pixels == grey.pixels.map { $0 > 127 ? 255 : 0 })
        #expect(try picture("palette.png") == picture("palette.ppm"))
    }

    @Test func `other formats are named with the way out`() throws {
        let error = #expect(throws: DatasetError.self) { try picture("picture.jpg") }
        #expect(error?.description.contains("mogrify -format png") == true)
        #expect(throws: DatasetError.self) { try Picture.read([], file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(Array("P5 100000 100000 255\n".utf8), file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(Array("P5 99999999999999999999 1 255\n".utf8), file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(Array("P5 2 1 10\nZZ".utf8), file: "x") }
    }

    /// The five row filters as section 9 of the specification defines them, applied here the other way round.
    @Test(arguments: 0...4)
    func `each row filter is undone`(filter: Int) throws {
        let (width, height) = (5, 4)
        let pixels = (0..<(width * height * 3)).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + $0 / 3) }
        var raw: [UInt8] = []
        for y in 0..<height {
            raw.append(UInt8(filter))
            for i in 0..<(width * 3) {
                func at(_ i: Int, _ y: Int) -> Int { i < 0 || y < 0 ? 0 : Int(pixels[y * width * 3 + i]) }
                let (a, b, c) = (at(i - 3, y), at(i, y - 1), at(i - 3, y - 1))
                let p = a + b - c
                let paeth = abs(p - a) <= abs(p - b) && abs(p - a) <= abs(p - c) ? a : abs(p - b) <= abs(p - c) ? b : c
                raw.append(UInt8(truncatingIfNeeded: at(i, y) - [0, a, b, (a + b) / 2, paeth][filter]))
            }
        }
        let bytes = try png(width, height, data: Deflate.zlib(raw))
        #expect(try Picture.read(bytes, file: "x").pixels == pixels)
    }

    @Test func `a picture that claims to be vast, or holds too much or too little, is refused`() throws {
        #expect(throws: DatasetError.self) { try Picture.read(png(1 << 30, 1 << 30, data: []), file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(png(4096, 4096, data: Deflate.zlib([0])), file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(png(1, 1, data: Deflate.zlib([UInt8](repeating: 0, count: 1 << 20))), file: "x") }
        #expect(throws: DatasetError.self) { try Picture.read(png(1, 1, data: Deflate.zlib([9, 0, 0, 0])), file: "x") }
    }

    /// A PNG of 8-bit colour with that compressed data.
    private func png(_ width: Int, _ height: Int, data: [UInt8]) throws -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + content
            return number(content.count) + body + number(Int(crc(body)))
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", number(width) + number(height) + [8, 2, 0, 0, 0])
            + chunk("IDAT", data) + chunk("IEND", [])
    }

    /// CRC-32, bit by bit.
    private func crc(_ bytes: [UInt8]) -> UInt32 {
        var state = UInt32.max
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? (state >> 1) ^ 0xEDB8_8320 : state >> 1 }
        }
        return ~state
    }

    @Test func `a folder of class-named folders is packed and opens with its class names`() throws {
        try withTemporaryFolder { folder in
            let source = folder.appendingPathComponent("pets")
            for (name, file) in [("cats", "grey.png"), ("dogs", "colour.png"), ("dogs", "alpha.png")] {
                let place = source.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try Data(fixture(file)).write(to: place.appendingPathComponent(file))
            }
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
            let entry = try DatasetImport(files: [source]).add(to: library)
            #expect(entry.identifier == "pets" && entry.kind == .images && entry.rows == 3 && entry.shape == "13 x 9 colour, 2 classes")
            let pets = try library.images("pets")
            #expect(pets.classNames == ["cats", "dogs"] && pets.training.labels == [0, 1, 1])
            #expect(try pets.pixels(at: 1).map(Array.init) == picture("colour.ppm").pixels)
            #expect(pets.preview().examples.count == 3)

            try Data("P6 2 2 255\n123456789012".utf8).write(to: source.appendingPathComponent("cats/small.ppm"))
            let size = #expect(throws: DatasetError.self) { try DatasetImport(files: [source], name: "pets2").add(to: library) }
            #expect(size?.description.contains("bring all pictures to one size") == true)
            try FileManager.default.removeItem(at: source.appendingPathComponent("cats"))
            let classes = #expect(throws: DatasetError.self) { try DatasetImport(files: [source], name: "pets2").add(to: library) }
            #expect(classes?.description.contains("at least two folders") == true)
        }
    }

    @Test func `train and test folders become the two parts`() throws {
        try withTemporaryFolder { folder in
            let source = folder.appendingPathComponent("set")
            for (name, file) in [("train/a", "grey.png"), ("train/b", "one-bit.png"), ("test/b", "sixteen.png")] {
                let place = source.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try Data(fixture(file)).write(to: place.appendingPathComponent(file))
            }
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
            _ = try DatasetImport(files: [source], layout: .folder).add(to: library)
            let set = try library.images("set")
            #expect(set.training.labels == [0, 1] && set.test?.labels == [1] && set.channels == 1)
        }
    }
}
