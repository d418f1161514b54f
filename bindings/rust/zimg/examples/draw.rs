//! Draws a prompt into a file, or finds it in the store on the disk: cargo run --example draw -- "a red circle" circle.png

use zimg::{CacheHandle, Generator, Options, Request};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, prompt, path]: &[String; 3] = arguments.as_slice().try_into().map_err(|_| "usage: draw PROMPT FILE")?;
    let generator = Generator::new(&Options::new()?, Some(&CacheHandle::open("", None)?))?;
    let mut request = Request::new(prompt)?;
    request.set_progress(|progress| eprint!("\rstep {} of {} ", progress.step(), progress.steps()))?;
    let picture = generator.generate(&request)?;
    std::fs::write(path, picture.bytes())?;
    println!("{path}: {}, {}", picture.report().outcome(), picture.report().key());
    Ok(())
}
