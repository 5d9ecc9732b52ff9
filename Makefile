.PHONY: build run test
build: ; swift build -c release
run: build ; .build/release/lathe $(ARGS)
test: ; swift test -c release
