import Datasets
import Testing

/// Vectors of NIST's "Secure Hash Standard" examples and of its long-message tests.
@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
    ])
    func `short messages`(message: String, expected: String) {
        #expect(SHA256.hexadecimal(of: Array(message.utf8)) == expected)
    }

    @Test func `a million letters a, in pieces of uneven size`() {
        var hash = SHA256()
        var left = 1_000_000, size = 1
        while left > 0 {
            hash.update([UInt8](repeating: 0x61, count: min(size, left)))
            left -= size
            size = size % 1000 + 7
        }
        #expect(hash.hexadecimal() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `every length around a block agrees with one update a byte`() {
        for count in 0...130 {
            let bytes = (0..<count).map { UInt8($0) }
            var hash = SHA256()
            for byte in bytes { hash.update([byte]) }
            #expect(hash.hexadecimal() == SHA256.hexadecimal(of: bytes))
        }
    }

    @Test func `the checksum of several files covers their names and order`() {
        let a = (name: "a", checksum: SHA256.hexadecimal(of: [1])), b = (name: "b", checksum: SHA256.hexadecimal(of: [2]))
        #expect(DatasetFiles.checksum([a]) == a.checksum)
        #expect(DatasetFiles.checksum([a, b]) != DatasetFiles.checksum([b, a]))
    }
}
